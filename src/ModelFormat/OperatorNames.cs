#nullable enable

namespace EdgeInference.ModelFormat;

/// <summary>
/// Names of operators and parameters, as docs/operators.md has them: for messages and tools. nanoFramework has a form of its own
/// without them.
/// </summary>
internal static class OperatorNames
{
    /// <summary>The name of an operator.</summary>
    public static string Of(Opcode opcode) => opcode.ToString();

    /// <summary>The name of a parameter, by its position.</summary>
    public static string Parameter(Opcode opcode, int parameter) => "'" + Parameters(opcode)[parameter] + "'";

    /// <summary>Names of the parameters in the order of the file; "(f)" follows that of a float32.</summary>
    public static string[] Parameters(Opcode opcode) => opcode switch
    {
        Opcode.Dense => ["activation", "alpha(f)", "beta(f)", "min", "max", "zero_point"],
        Opcode.Activation => ["activation", "alpha(f)", "beta(f)"],
        Opcode.Softmax => ["beta(f)", "multiplier", "left_shift", "difference_min"],
        Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div => ["multiplier_a", "shift_a", "multiplier_b", "shift_b", "multiplier", "shift", "min", "max"],
        Opcode.Unary => ["function", "alpha(f)", "beta(f)"],
        Opcode.Binary => ["function"],
        Opcode.Transpose => ["perm_0", "perm_1", "perm_2", "perm_3", "perm_4", "perm_5"],
        Opcode.Slice => ["start_0", "start_1", "start_2", "start_3", "start_4", "start_5", "step_0", "step_1", "step_2", "step_3", "step_4", "step_5"],
        Opcode.Concat or Opcode.Gather => ["axis"],
        Opcode.Pad => ["before_0", "before_1", "before_2", "before_3", "before_4", "before_5", "mode", "value"],
        Opcode.Reduce => ["reduction", "axes", "multiplier", "shift"],
        Opcode.ArgReduce => ["smallest", "axis", "last"],
        Opcode.Conv or Opcode.ConvTranspose =>
            ["activation", "alpha(f)", "beta(f)", "min", "max", "zero_point", "stride_h", "stride_w", "dilation_h", "dilation_w", "pad_top", "pad_left", "groups"],
        Opcode.MaxPool or Opcode.AveragePool =>
            ["kernel_h", "kernel_w", "stride_h", "stride_w", "dilation_h", "dilation_w", "pad_top", "pad_left", "pad_bottom", "pad_right", "count_include_pad", "min", "max"],
        Opcode.LayerNormalization => ["axes", "center", "epsilon(f)"],
        Opcode.LRN => ["size", "alpha(f)", "beta(f)", "bias(f)"],
        Opcode.RNN or Opcode.GRU or Opcode.LSTM =>
            ["f", "f_alpha(f)", "f_beta(f)", "g", "g_alpha(f)", "g_beta(f)", "h", "h_alpha(f)", "h_beta(f)", "clip(f)", "reverse", "variant"],
        Opcode.QuantizedLSTM =>
            ["reverse", "cell_clip", "cell_multiplier", "cell_shift", "forget_multiplier", "forget_shift", "input_multiplier", "input_shift", "output_multiplier", "output_shift"],
        Opcode.QuantizedRecurrent => ["reverse", "cell", "output_multiplier", "output_shift"],
        Opcode.TreeEnsemble => ["aggregate", "comparison", "targets"],
        Opcode.CumSum => ["axis", "exclusive", "reverse"],
        Opcode.Table or Opcode.Quantize or Opcode.Dequantize or Opcode.Reshape or Opcode.Expand or Opcode.Where or Opcode.MatMul or Opcode.PairwiseCoupling or Opcode.LogSoftmax or Opcode.FeatureTransform => [],
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "The operator has no list of parameters in OperatorNames."),
    };
}
