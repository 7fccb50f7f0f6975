using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The straight-line code for nanoFramework that <see cref="OperatorDefinition.Code"/> chooses from.</summary>
internal interface IEmittedCode
{
    /// <summary>Dense in float32.</summary>
    void DenseFloat32(OperatorRecord record);

    /// <summary>Dense in int8 or int16.</summary>
    void DenseFixedPoint(OperatorRecord record);

    /// <summary>Conv.</summary>
    void Convolution(OperatorRecord record);

    /// <summary>MaxPool or AveragePool.</summary>
    void Pool(OperatorRecord record);

    /// <summary>An activation in float32.</summary>
    void Activation(OperatorRecord record);

    /// <summary>A table of 256 entries.</summary>
    void Table(OperatorRecord record);

    /// <summary>A table of segments between which int16 is interpolated.</summary>
    void Interpolation(OperatorRecord record);

    /// <summary>Softmax in float32.</summary>
    void SoftmaxFloat32(OperatorRecord record);

    /// <summary>Softmax in int8.</summary>
    void SoftmaxInt8(OperatorRecord record);

    /// <summary>Softmax in int16.</summary>
    void SoftmaxInt16(OperatorRecord record);

    /// <summary>float32 to integers.</summary>
    void Quantize(OperatorRecord record);

    /// <summary>Integers to float32.</summary>
    void Dequantize(OperatorRecord record);

    /// <summary>Features of a table made into numbers.</summary>
    void FeatureTransform(OperatorRecord record);

    /// <summary>Add, Sub or Mul of float32.</summary>
    void Arithmetic(OperatorRecord record, char sign);

    /// <summary>Add, Sub or Mul of int8 or int16.</summary>
    void ArithmeticQuantized(OperatorRecord record);

    /// <summary>Transpose, Slice or Expand.</summary>
    void Move(OperatorRecord record);

    /// <summary>Concat.</summary>
    void Concat(OperatorRecord record);

    /// <summary>Pad.</summary>
    void Pad(OperatorRecord record);

    /// <summary>Sums, means and extremes of float32.</summary>
    void ReduceFloat32(OperatorRecord record);

    /// <summary>Reduce on int8 or int16.</summary>
    void ReduceQuantized(OperatorRecord record);

    /// <summary>RNN, GRU or LSTM in float32.</summary>
    void Recurrent(OperatorRecord record);

    /// <summary>QuantizedLSTM or QuantizedRecurrent.</summary>
    void QuantizedRecurrent(OperatorRecord record);

    /// <summary>Div of float32, which nanoFramework's own division does not do for 0.</summary>
    void Divide(OperatorRecord record);

    /// <summary>Decision trees.</summary>
    void Trees(OperatorRecord record);
}
