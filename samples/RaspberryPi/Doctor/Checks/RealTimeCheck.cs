namespace EdgeDevice;

/// <summary>Whether the kernel gives real-time threads any time.</summary>
internal sealed class RealTimeCheck : ICheck
{
    private const string Runtime = "/proc/sys/kernel/sched_rt_runtime_us";

    public string Name => "realtime";

    public IEnumerable<Finding> Run(Examination examination)
    {
        string? runtime = examination.Machine.Read(Runtime)?.Trim();
        UnitFile? unit = UnitFile.Find(examination.Machine).Unit;
        yield return runtime == "0" ? Finding.Problem("The kernel gives real-time threads no time (sched_rt_runtime_us is 0): systemd cannot start the service.", "sudo sysctl kernel.sched_rt_runtime_us=950000")
            : unit is not null && unit.Last("CPUSchedulingPolicy") is not ("rr" or "fifo") ? Finding.Warning("The unit gives no real-time priority, so other programs can delay a sample.", "CPUSchedulingPolicy=rr and CPUSchedulingPriority=10 in sudo systemctl edit edge-device.")
            : Finding.Ok("Real-time priority is possible.");
    }
}
