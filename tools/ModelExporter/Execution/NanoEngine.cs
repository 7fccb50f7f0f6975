extern alias nano;

using EdgeInference.Runtime;
using NanoModel = nano::EdgeInference.Nano.NanoModel;
using NanoSession = nano::EdgeInference.Nano.NanoSession;

namespace EdgeInference.Tool.Execution;

/// <summary>EdgeInference.Nano's own code, compiled for the desktop.</summary>
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
    /// <param name="problem">Why EdgeInference.Nano cannot run it, or an empty text where it can.</param>
    /// <returns>The engine, or null where it cannot run the model.</returns>
    internal static NanoEngine? TryCreate(EdgeModel model, out string problem)
    {
        NanoModel loaded;
        try
        {
            // The one way to ask what EdgeInference.Nano supports: it reads the file, as on a device.
            loaded = NanoModel.Load(model.File.Bytes.Memory[..model.File.Length].ToArray());
        }
        catch (nano::EdgeInference.ModelFormat.ModelFormatException exception)
        {
            problem = $"EdgeInference.Nano cannot run this model: {exception.Message}";
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
