using EdgeInference.ModelConverter.Import.Onnx.Operators;
using EdgeInference.ModelConverter.Import.Onnx.Quantized;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Turns one node of a source model into operators of the graph.</summary>
internal delegate void OnnxConverter(OnnxNodeContext call);

/// <summary>One row: an operator type of a domain, and its converter.</summary>
internal sealed record OnnxOperatorRow(string OpType, OnnxConverter Convert, string Domain = OnnxDomains.Standard);

/// <summary>The one list of ONNX operators that can be imported; docs/onnx.md lists the same, and a test holds the two together.</summary>
internal static class OnnxOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        .. ElementwiseOperators.Rows,
        .. ActivationOperators.Rows,
        .. MatrixOperators.Rows,
        .. EinsumOperators.Rows,
        .. ShapeOperators.Rows,
        .. ConstantOperators.Rows,
        .. LoopOperators.Rows,
        .. MovementOperators.Rows,
        .. ReductionOperators.Rows,
        .. SelectionOperators.Rows,
        .. MaskOperators.Rows,
        .. ConvolutionOperators.Rows,
        .. PoolingOperators.Rows,
        .. ResizeOperators.Rows,
        .. NormalizationOperators.Rows,
        .. QuantizationOperators.Rows,
        .. RuntimeOperators.Rows,
        .. FusedOperators.Rows,
        .. RecurrentOperators.Rows,
        .. FeatureOperators.Rows, .. CategoryOperators.Rows,
        .. LinearModelOperators.Rows,
        .. SupportVectorOperators.Rows,
        .. TreeEnsembleOperators.Rows,
        .. TreeEnsembleNode.Rows,
    ];

    private static readonly Dictionary<(string Domain, string OpType), OnnxConverter> byType =
        Rows.ToDictionary(row => (row.Domain, row.OpType), row => row.Convert);

    internal static OnnxConverter? Find(OnnxNode node) => byType.GetValueOrDefault((node.Domain, node.OpType));
}
