extern alias nano;

using EdgeRuntime;
using NanoModel = nano::EdgeRuntime.Nano.NanoModel;
using NanoSession = nano::EdgeRuntime.Nano.NanoSession;

namespace ModelExporter.Execution;

/// <summary>EdgeRuntime.Nano's own code, compiled for the desktop.</summary>
internal sealed class NanoEngine : IEngine
{
    private readonly NanoSession session;
    private readonly float[] inputs;
    private readonly float[] outputs;

    private NanoEngine(NanoModel model)
    {
        session = new NanoSession(model);
        inputs = new float[model.InputLength];
        outputs = new float[model.OutputLength];
    }

    /// <summary>An engine for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Why EdgeRuntime.Nano cannot run it, or an empty text where it can.</param>
    /// <returns>The engine, or null where it cannot run the model.</returns>
    internal static NanoEngine? TryCreate(EdgeModel model, out string problem)
    {
        NanoModel loaded;
        try
        {
            // The one way to ask what EdgeRuntime.Nano supports: it reads the file, as on a device.
            loaded = NanoModel.Load(model.File.Bytes.Memory[..model.File.Length].ToArray());
        }
        catch (nano::ModelFormat.ModelFormatException exception)
        {
            problem = $"EdgeRuntime.Nano cannot run this model: {exception.Message}";
            return null;
        }

        problem = "";
        return new NanoEngine(loaded);
    }

    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        input.CopyTo(inputs);
        session.Run(inputs, outputs);
        outputs.CopyTo(output);
    }

    public void Reset() => session.Reset();

    public void Dispose()
    {
    }
}
