using System.Globalization;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>What an emitted program has to know of its model and its sensor.</summary>
/// <param name="Name">Name of the project and its assembly.</param>
/// <param name="Sensor">What it reads.</param>
/// <param name="Board">The board.</param>
/// <param name="Values">Values of one sample.</param>
/// <param name="Hop">Samples after which it decides again.</param>
/// <param name="PeriodMilliseconds">Time between samples.</param>
internal sealed record ProjectPlan(string Name, ProjectSensor Sensor, NanoBoard Board, int Values, int Hop, int PeriodMilliseconds)
{
    /// <summary>Most channels of an ADC that a model without a window may take: those of the first converter of an ESP32.</summary>
    internal const int MostChannels = 8;

    private const int Axes = 3;

    private const int DefaultPeriodMilliseconds = 1000;

    /// <summary>The pipeline that makes the model's values of samples; null where it takes values as they are.</summary>
    internal SignalsRecord? Signals { get; init; }

    /// <summary>Plans a program.</summary>
    /// <param name="file">The model.</param>
    /// <param name="name">Name of the project.</param>
    /// <param name="sensor">What it reads.</param>
    /// <param name="board">The board.</param>
    /// <exception cref="InputException">The sensor cannot give what the model takes, as far as its contract says.</exception>
    internal static ProjectPlan Of(ModelFile file, string name, ProjectSensor sensor, NanoBoard board)
    {
        int inputs = file.Inputs.Sum(tensor => tensor.Elements);
        int window = file.Decision.WindowLength;
        int period = file.Decision.SamplePeriod > 0 ? (int)Math.Clamp(Math.Round(file.Decision.SamplePeriod * 1000.0), 1, int.MaxValue) : DefaultPeriodMilliseconds;
        if (SignalsRecord.Read(file.Bytes, file.Metadata) is { } signals)
        {
            return OfSignals(signals, name, sensor, board, period);
        }

        if (sensor == ProjectSensor.None)
        {
            return new ProjectPlan(name, sensor, board, inputs, 1, period);
        }

        string option = $"--sensor {sensor.ToString().ToLowerInvariant()}";
        int names = file.Metadata.TextCount(MetadataKey.InputNames);
        if (window > 1 && (names == inputs || inputs % window != 0))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option} gives samples, and the model takes {inputs} values computed of windows of {window} samples; use --sensor none and compute them."));
        }

        int values = names > 0 ? names : inputs / Math.Max(window, 1);
        int samples = inputs / values;
        int most = sensor == ProjectSensor.I2c ? Axes : MostChannels;
        bool fits = sensor == ProjectSensor.I2c ? values == Axes : values <= MostChannels;
        return fits ? new ProjectPlan(name, sensor, board, values, file.Decision.WindowHop > 0 ? Math.Min(file.Decision.WindowHop, samples) : samples, period) : throw new InputException(string.Create(
            CultureInfo.InvariantCulture,
            $"{option} gives {(sensor == ProjectSensor.I2c ? "" : "at most ")}{most} values a sample, and the model takes {values}{(samples > 1 ? $", in windows of {samples}" : ", for its contract has no window")}; export it with the right --window, or use --sensor none."));
    }

    private static ProjectPlan OfSignals(SignalsRecord signals, string name, ProjectSensor sensor, NanoBoard board, int period)
    {
        bool fits = sensor switch
        {
            ProjectSensor.I2c => signals.Channels == Axes,
            ProjectSensor.Adc => signals.Channels <= MostChannels,
            _ => true,
        };
        string given = sensor == ProjectSensor.I2c ? $"{Axes} values" : $"at most {MostChannels} values";
        return fits ? new ProjectPlan(name, sensor, board, signals.Channels, signals.Hop, period) { Signals = signals } : throw new InputException(
            $"--sensor {sensor.ToString().ToLowerInvariant()} gives {given} a sample, and the model's pipeline takes {signals.Channels} channels; use --sensor none and put samples of your own into the program.");
    }
}
