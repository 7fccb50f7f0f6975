using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Quantizes a draft.</summary>
internal static class QuantizeStep
{
    /// <summary>A draft in the precision that is asked for, from its float32 graph.</summary>
    /// <param name="draft">The draft, with rows.</param>
    /// <param name="options">How.</param>
    /// <param name="work">Does the search.</param>
    /// <param name="found">What a search on these rows found before; null to search.</param>
    /// <exception cref="InputException">The draft has no rows, or they do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The work was asked to stop.</exception>
    internal static ModelDraft Run(ModelDraft draft, QuantizeOptions options, ILongWork work, QuantizationChoice? found = null)
    {
        ModelDraft quantized = Quantize(draft, options, work, found);
        return options.Int16TreeThresholds ? quantized with { Graph = ThresholdRounding.Apply(quantized.Graph, draft.Rows, draft.RowsAre) } : quantized;
    }

    private static ModelDraft Quantize(ModelDraft draft, QuantizeOptions options, ILongWork work, QuantizationChoice? found)
    {
        if (options.Precision == Precision.Float32)
        {
            return draft;
        }

        if (draft.Rows.Count == 0)
        {
            throw new InputException("Quantization needs typical inputs; give a CSV or .npy with --calibrate.");
        }

        (PreparedGraph prepared, QuantizationOptions how) = Prepare(draft, options, work, found);
        work.Cancellation.ThrowIfCancellationRequested();
        if (options.Precision is { } one)
        {
            Graph quantized = Quantizer.Quantize(prepared, _ => one, how);
            if (RecurrentObstacle.Line(quantized) is { } line)
            {
                Notices.Say(line);
            }

            SayIfFine(how, quantized);
            return draft with { Graph = quantized };
        }

        Graph float32 = GraphCopy.Copy(draft.Float32);
        float32.Metadata = float32.Metadata with { Precision = float32.CommonPrecision() };
        byte[] file = ModelWriter.Write(float32);
        using EdgeModel model = EdgeModel.Load(file);
        var chosen = AutoPrecision.Choose(prepared, ModelRule.Of(model), options.MaxLoss, how, draft.Labels, work.Cancellation);

        // Of few weights the tables and factors of fixed point are more than it saves.
        chosen = file.Length <= ModelWriter.Write(chosen.Graph).Length ? chosen.InFloat32(float32) : chosen;
        SayIfFine(how, chosen.Graph);
        return draft with { Graph = chosen.Graph, Precisions = chosen };
    }

    private static void SayIfFine(QuantizationOptions how, Graph quantized)
    {
        if (how.FineOutputs && quantized.Nodes.LastOrDefault(node => OperatorDefinitions.Of(node.Opcode).IsLayer)?.Output.Type == TensorType.Int16)
        {
            Notices.Say("Many rows would share one output in fixed point; the last layer is int16, and the file larger by a table, so that they do not.");
        }
    }

    private static (PreparedGraph Prepared, QuantizationOptions Options) Prepare(ModelDraft draft, QuantizeOptions options, ILongWork work, QuantizationChoice? found)
    {
        // auto begins with int8.
        Precision precision = options.Precision ?? Precision.Int8;
        if (options.Method is not { } chosen)
        {
            QuantizationChoice best = work.Run("quantizing", progress => QuantizationSearch.WithOutputs(draft.Float32, found ?? QuantizationSearch.Best(draft.Float32, draft.Rows, progress), precision));
            return (best.Prepared, best.Options with { PerChannel = options.PerChannel });
        }

        var how = new QuantizationOptions { Method = chosen, PerChannel = options.PerChannel, BiasCorrection = options.BiasCorrection };
        var prepared = PreparedGraph.From(draft.Float32, draft.Rows, options.Equalize);
        return QuantizationSearch.NeedsFine(prepared, how, precision)
            ? (PreparedGraph.From(SoftmaxOfTwo.Replace(draft.Float32), draft.Rows, options.Equalize), how with { FineOutputs = true })
            : (prepared, how);
    }
}
