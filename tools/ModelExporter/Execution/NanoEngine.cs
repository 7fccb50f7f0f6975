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

    /// <summary>Why EdgeInference.Nano cannot run a model, or an empty text where it can.</summary>
    internal static string Problem(EdgeModel model)
    {
        // Read in chunks, which takes no second copy of the file. What is not there in chunks may be there with the file in RAM.
        ReadOnlyMemory<byte> bytes = model.File.Bytes.Memory[..model.File.Length];
        byte[] chunk = [];
        try
        {
            NanoModel.Load(Read, bytes.Length);
            return "";
        }
        catch (nano::EdgeInference.ModelFormat.ModelFormatException)
        {
            TryLoad(bytes, out string problem);
            return problem;
        }

        byte[] Read(int offset, int count)
        {
            chunk = chunk.Length < count ? new byte[count] : chunk;
            bytes.Span.Slice(offset, count).CopyTo(chunk);
            return chunk;
        }
    }

    /// <summary>An engine for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Why EdgeInference.Nano cannot run it, or an empty text where it can.</param>
    /// <returns>The engine, or null where it cannot run the model.</returns>
    internal static NanoEngine? TryCreate(EdgeModel model, out string problem)
    {
        return TryLoad(model.File.Bytes.Memory[..model.File.Length], out problem) is { } loaded ? new NanoEngine(loaded) : null;
    }

    // The one way to ask what EdgeInference.Nano supports: it reads the file, as on a device.
    private static NanoModel? TryLoad(ReadOnlyMemory<byte> bytes, out string problem)
    {
        try
        {
            problem = "";
            return NanoModel.Load(bytes.ToArray());
        }
        catch (nano::EdgeInference.ModelFormat.ModelFormatException exception)
        {
            problem = $"EdgeInference.Nano cannot run this model: {exception.Message}";
            return null;
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
