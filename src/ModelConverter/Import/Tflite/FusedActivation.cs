namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>The activation that an operator applies to its result, by the numbers in the TensorFlow Lite schema.</summary>
internal enum FusedActivation
{
    None = 0,
    Relu = 1,
    ReluN1To1 = 2,
    Relu6 = 3,
    Tanh = 4,
    SignBit = 5,
}
