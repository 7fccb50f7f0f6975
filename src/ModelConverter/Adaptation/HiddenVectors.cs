using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Adaptation;

/// <summary>What the last layer of a graph reads for each of some rows, and what the model gives for them.</summary>
/// <param name="Settings">The heads of the record that the graph has.</param>
/// <param name="Vectors">Of each row the hidden vector, less its zero point.</param>
/// <param name="Outputs">Of each row the model's outputs.</param>
internal sealed record HiddenVectors(HeadSettings Settings, IReadOnlyList<short[]> Vectors, IReadOnlyList<float[]> Outputs)
{
    /// <summary>Runs the rows through a graph that has a record.</summary>
    internal static HiddenVectors Of(Graph graph, IReadOnlyList<float[]> rows)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.WriteBare(graph));
        return Of(model, rows);
    }

    /// <summary>Runs the rows through a model that has the record.</summary>
    internal static HiddenVectors Of(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        HeadSettings settings = AdaptationRecord.Read(model.File);
        TensorInfo hidden = model.File.Tensor(model.File.Bytes.U16(model.File.Metadata.PayloadOffset(MetadataKey.Adaptation)));
        using Session session = model.CreateSession();
        var vectors = new List<short[]>(rows.Count);
        var outputs = new List<float[]>(rows.Count);
        foreach (float[] row in rows)
        {
            float[] output = new float[session.OutputLength];
            session.Run(row, output);
            ReadOnlySpan<byte> bytes = session.Bytes(hidden);
            vectors.Add(settings.IsWide ? MemoryMarshal.Cast<byte, short>(bytes).ToArray() : [.. MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray().Select(value => (short)(value - settings.ZeroPoint))]);
            outputs.Add(output);
        }

        return new HiddenVectors(settings, vectors, outputs);
    }
}
