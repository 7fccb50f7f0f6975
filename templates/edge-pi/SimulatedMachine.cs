namespace EdgePi;

/// <summary>A machine at rest that shakes, for a PC without a sensor.</summary>
internal static class SimulatedMachine
{
    public static readonly string[] Channels = ["x", "y", "z"];

    /// <summary>Reads the machine in one state, <c>still</c> or <c>shaking</c>; of any other, three seconds of each in turn.</summary>
    internal static void Read(string? state, Span<float> sample)
    {
        double seconds = Environment.TickCount64 / 1000.0;
        bool shakes = state switch
        {
            "still" => false,
            "shaking" => true,
            _ => seconds % 6 < 3,
        };
        double amplitude = shakes ? 0.5 : 0.01;
        sample[0] = (float)(amplitude * Math.Sin(2 * Math.PI * 20 * seconds));
        sample[1] = (float)(amplitude * Math.Cos(2 * Math.PI * 20 * seconds));
        sample[2] = (float)(1 + (amplitude * Math.Sin(2 * Math.PI * 7 * seconds)));
    }
}
