using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The straight-line code for nanoFramework that <see cref="OperatorDefinition.Code"/> chooses from.</summary>
internal interface IEmittedCode
{
    /// <summary>Dense in float32.</summary>
    void DenseFloat32(OperatorRecord record);

    /// <summary>Dense in int8 or int16.</summary>
    void DenseFixedPoint(OperatorRecord record);

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

    /// <summary>Div of float32, which nanoFramework's own division does not do for 0.</summary>
    void Divide(OperatorRecord record);

    /// <summary>Decision trees.</summary>
    void Trees(OperatorRecord record);

    /// <summary>Concat of float32.</summary>
    void Concat(OperatorRecord record);
}
