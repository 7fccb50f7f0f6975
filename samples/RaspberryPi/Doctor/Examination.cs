namespace EdgeDevice;

/// <summary>What the checks look at.</summary>
/// <param name="Machine">The machine, or a folder that stands for one.</param>
/// <param name="Options">The settings of the service.</param>
/// <param name="Touch">Whether the sensor may be read.</param>
/// <param name="Network">Whether names may be resolved and servers connected to.</param>
internal sealed record Examination(Machine Machine, EdgeOptions Options, bool Touch = false, bool Network = false)
{
    /// <summary>Whether the output drives a pin of the board.</summary>
    internal bool DrivesPin => Options.Output is { Pin: >= 0, Simulated: false };

    internal Board Board { get; } = Board.Of(Machine);

    internal SensorWires Wires { get; } = SensorWires.Of(Options.Sensor);
}
