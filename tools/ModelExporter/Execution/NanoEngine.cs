extern alias nano;

using EdgeInference.Runtime;
using NanoBytes = nano::EdgeInference.ModelFormat.ModelBytes;
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
        // Checked as a file in RAM is, but read piece by piece: there is no second copy of it.
        ReadOnlyMemory<byte> bytes = model.File.Bytes.Memory[..model.File.Length];
        byte[] piece = [];
        return TryMake(new NanoBytes(Read, bytes.Length), out string problem) is null ? problem : "";

        byte[] Read(int offset, int count)
        {
            piece = piece.Length < count ? new byte[count] : piece;
            bytes.Span.Slice(offset, count).CopyTo(piece);
            return piece;
        }
    }

    /// <summary>An engine for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Why EdgeInference.Nano cannot run it, or an empty text where it can.</param>
    /// <returns>The engine, or null where it cannot run the model.</returns>
    internal static NanoEngine? TryCreate(EdgeModel model, out string problem)
    {
        return TryMake(new NanoBytes(model.File.Bytes.Memory[..model.File.Length].ToArray()), out problem) is { } loaded ? new NanoEngine(loaded) : null;
    }

    // The one way to ask what EdgeInference.Nano supports: it reads the file, as on a device.
    private static NanoModel? TryMake(NanoBytes bytes, out string problem)
    {
        try
        {
            problem = "";
            return NanoModel.Make(bytes, 0, NanoModel.DefaultMaxSteps, NanoModel.DefaultMaxBytes);
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
