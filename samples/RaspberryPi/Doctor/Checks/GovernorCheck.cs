namespace EdgeDevice;

/// <summary>Whether the processor's clock is kept low.</summary>
internal sealed class GovernorCheck : ICheck
{
    private const string Governor = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";

    public string Name => "governor";

    public IEnumerable<Finding> Run(Examination examination)
    {
        string? governor = examination.Machine.Read(Governor)?.Trim();
        yield return governor == "powersave"
            ? Finding.Warning("The processor stays at its lowest clock (governor powersave).", $"echo ondemand | sudo tee {Governor}")
            : Finding.Ok(governor is null ? "The processor's clock is not governed here." : $"The processor's clock follows the governor {governor}.");
    }
}
