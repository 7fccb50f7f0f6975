using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Report;

/// <summary>One precision of the model on the report's data.</summary>
/// <param name="Name">The precision, or what else it is.</param>
/// <param name="Bytes">Size of the file without self-test vectors.</param>
/// <param name="Evaluation">How well it decides, compared with float32.</param>
/// <param name="Outputs">Its probabilities.</param>
/// <param name="Decibels">Signal-to-noise ratio of its probabilities to those in float32.</param>
internal sealed record PrecisionVariant(string Name, int Bytes, Evaluation Evaluation, float[][] Outputs, double Decibels);

/// <summary>What rounding one layer alone does to the outputs, all others being in float32.</summary>
/// <param name="Layer">The layer, with its weights and cost.</param>
/// <param name="Int8">Signal-to-noise ratio of the outputs with the layer in int8, in dB.</param>
/// <param name="Int16">The same in int16.</param>
internal sealed record LayerNoise(LayerGroup Layer, double Int8, double Int16);

/// <summary>A float32 model against its int16 and int8 forms.</summary>
internal sealed class PrecisionStudy
{
    // Enough for ranges, few enough to search every way of quantizing.
    private const int MostCalibrationRows = 512;

    // Bytes of constants in float32: each way of quantizing takes them all several times.
    private const long MostConstantBytes = 16_000_000;

    private PrecisionStudy(PreparedGraph prepared, Graph int8, IReadOnlyList<PrecisionVariant> variants, IReadOnlyList<LayerNoise> layers)
    {
        Prepared = prepared;
        Int8 = int8;
        Variants = variants;
        Layers = layers;
    }

    /// <summary>The float32 graph with what calibration saw of its tensors.</summary>
    internal PreparedGraph Prepared { get; }

    /// <summary>The graph in int8 with ranges from minimum to maximum, whose tensors have the names of the float32 graph's.</summary>
    internal Graph Int8 { get; }

    /// <summary>float32 first, then int16 and int8, then the file itself where it is neither.</summary>
    internal IReadOnlyList<PrecisionVariant> Variants { get; }

    /// <summary>The layers in the order of execution.</summary>
    internal IReadOnlyList<LayerNoise> Layers { get; }

    /// <summary>Whether it was calibrated on other rows than it is judged on.</summary>
    internal bool HasOwnCalibration { get; private init; }

    /// <summary>Whether int16 and int8 are made for a report that nobody asked for them.</summary>
    internal static bool IsQuick(EdgeModel model) => model.File.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant).Sum(tensor => (long)tensor.Bytes) <= MostConstantBytes;

    /// <summary>Compares.</summary>
    /// <param name="real">The float32 graph.</param>
    /// <param name="facts">The model and its data.</param>
    /// <param name="calibration">Rows to calibrate on, best those of the training; null for the report's own, which flatters.</param>
    /// <param name="progress">Is told the share of the search that is done.</param>
    /// <exception cref="InputException">The graph takes or gives something else than the model.</exception>
    internal static PrecisionStudy Of(Graph real, ReportFacts facts, IReadOnlyList<float[]>? calibration = null, IProgress<double>? progress = null)
    {
        int inputs = real.Inputs.Sum(value => value.Elements);
        int outputs = real.Outputs.Sum(value => value.Elements);
        if (inputs != facts.Model.InputLength || outputs != facts.Model.OutputLength)
        {
            throw new InputException($"The source takes {inputs} values and returns {outputs} but the model takes {facts.Model.InputLength} and returns {facts.Model.OutputLength}; give the model that the file was exported from.");
        }

        IReadOnlyList<float[]> rows = Spread(calibration ?? facts.Table.Rows);
        QuantizationChoice best = QuantizationSearch.Best(real, rows, progress);
        PrecisionVariant float32 = Variant("float32", real, facts, null);
        var variants = new List<PrecisionVariant>
        {
            float32,
            Variant("int16", Quantized(real, best, Precision.Int16), facts, float32),
            Variant("int8", Quantized(real, best, Precision.Int8), facts, float32),
        };
        if (facts.Model.File.Tensors.Any(tensor => tensor.IsQuantized))
        {
            variants.Add(Compare($"this file ({facts.Summary.Precision})", facts.Summary.FileBytes, facts.Probabilities, facts, float32));
        }

        var prepared = PreparedGraph.From(real, rows);
        Graph int8 = Quantizer.Quantize(prepared, _ => Precision.Int8);
        return new PrecisionStudy(prepared, int8, variants, Noise(prepared)) { HasOwnCalibration = calibration is not null };
    }

    private static Graph Quantized(Graph real, QuantizationChoice found, Precision precision)
    {
        QuantizationChoice choice = QuantizationSearch.WithOutputs(real, found, precision);
        return Quantizer.Quantize(choice.Prepared, _ => precision, choice.Options);
    }

    private static PrecisionVariant Variant(string name, Graph graph, ReportFacts facts, PrecisionVariant? float32)
    {
        Graph copy = GraphCopy.Copy(graph);
        copy.Metadata = new GraphMetadata();
        byte[] file = ModelWriter.WriteBare(copy);
        using EdgeModel model = EdgeModel.Load(file);
        using IEngine engine = Engines.Create(EngineKind.Fast, model);
        return Compare(name, file.Length, CalibratedOutputs.Of(facts.Model, engine.RunAll(model, facts.Table.Rows)), facts, float32);
    }

    private static PrecisionVariant Compare(string name, int bytes, float[][] outputs, ReportFacts facts, PrecisionVariant? float32)
    {
        var evaluation = Evaluation.Of(facts.Table, outputs, new DecisionRule(facts.Model.File.Decision.Role(0), facts.Model.File.Decision.Threshold, facts.Model.OutputLength), float32?.Outputs);
        return new PrecisionVariant(name, bytes, evaluation, outputs, float32 is null ? double.PositiveInfinity : SignalToNoise.Decibels(float32.Outputs, outputs));
    }

    private static LayerNoise[] Noise(PreparedGraph prepared)
    {
        var groups = new LayerGroups(prepared.Graph);
        IReadOnlyList<float[]> rows = prepared.Calibration.Rows;
        float[][] reference = GraphRunner.RunAll(prepared.Graph, rows);
        return [.. groups.Layers.Select((layer, i) => new LayerNoise(layer, Only(i, Precision.Int8), Only(i, Precision.Int16)))];

        double Only(int index, Precision precision) =>
            SignalToNoise.Decibels(reference, GraphRunner.RunAll(Quantizer.Quantize(prepared, node => groups.IndexOf(node) == index ? precision : Precision.Float32), rows));
    }

    private static List<float[]> Spread(IReadOnlyList<float[]> rows)
    {
        int count = Math.Min(rows.Count, MostCalibrationRows);
        return [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Count / count)])];
    }
}
