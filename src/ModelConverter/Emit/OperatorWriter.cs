using EdgeInference.ModelConverter.Emit.Operators;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>Writes the straight-line code of operators into a model's code.</summary>
internal sealed class OperatorWriter(EmitContext context) : IEmittedCode
{
    public void DenseFloat32(OperatorRecord record) => DenseFloat32Emitter.Emit(context, record);

    public void DenseFixedPoint(OperatorRecord record) => DenseFixedPointEmitter.Emit(context, record);

    public void Convolution(OperatorRecord record) => ConvEmitter.Conv(context, record);

    public void Pool(OperatorRecord record) => PoolEmitter.Emit(context, record);

    public void Activation(OperatorRecord record) => ElementEmitter.Activation(context, record);

    public void Table(OperatorRecord record) => ElementEmitter.Table(context, record);

    public void Interpolation(OperatorRecord record) => InterpolationEmitter.Emit(context, record);

    public void SoftmaxFloat32(OperatorRecord record) => SoftmaxEmitter.Float32(context, record);

    public void SoftmaxInt8(OperatorRecord record) => SoftmaxEmitter.Int8(context, record);

    public void SoftmaxInt16(OperatorRecord record) => SoftmaxInt16Emitter.Emit(context, record);

    public void Quantize(OperatorRecord record) => ElementEmitter.Quantize(context, record);

    public void Dequantize(OperatorRecord record) => ElementEmitter.Dequantize(context, record);

    public void FeatureTransform(OperatorRecord record) => FeatureTransformEmitter.Emit(context, record);

    public void Arithmetic(OperatorRecord record, char sign) => ElementEmitter.Arithmetic(context, record, sign);

    public void ArithmeticQuantized(OperatorRecord record) => BinaryEmitter.Quantized(context, record);

    public void Move(OperatorRecord record) => MovementEmitter.Strided(context, record);

    public void Concat(OperatorRecord record) => MovementEmitter.Concat(context, record);

    public void Pad(OperatorRecord record) => MovementEmitter.Pad(context, record);

    public void ReduceFloat32(OperatorRecord record) => ReduceEmitter.Float32(context, record);

    public void ReduceQuantized(OperatorRecord record) => ReduceEmitter.Quantized(context, record);

    public void Recurrent(OperatorRecord record) => RecurrentEmitter.Emit(context, record);

    public void QuantizedRecurrent(OperatorRecord record) => QuantizedRecurrentEmitter.Emit(context, record);

    public void Divide(OperatorRecord record) => ElementEmitter.Divide(context, record);

    public void Trees(OperatorRecord record) => TreeEnsembleEmitter.Emit(context, record, null);
}
