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

    internal NanoEngine(EdgeModel model)
    {
        try
        {
            session = new NanoSession(NanoModel.Load(model.File.Bytes.Memory[..model.File.Length].ToArray()));
        }
        catch (nano::ModelFormat.ModelFormatException exception)
        {
            throw new InputException($"EdgeRuntime.Nano cannot run this model: {exception.Message}", exception);
        }

        inputs = new float[model.InputLength];
        outputs = new float[model.OutputLength];
    }

    /// <summary>Why EdgeRuntime.Nano cannot run a model, or an empty text where it can.</summary>
    internal static string Problem(EdgeModel model)
    {
        try
        {
            using var engine = new NanoEngine(model);
            return "";
        }
        catch (InputException exception)
        {
            return exception.Message;
        }
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
