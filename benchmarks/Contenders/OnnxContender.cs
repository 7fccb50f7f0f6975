using Microsoft.ML.OnnxRuntime;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>ONNX Runtime through its fastest C# path: values made once over the caller's arrays, one thread, all optimisations.</summary>
internal sealed class OnnxContender : IContender
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly OrtValue[] inputs;
    private readonly OrtValue[] outputs;

    internal OnnxContender(byte[] onnx, float[] input, int outputLength, int rows = 1, string? output = null)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        session = new InferenceSession(onnx, settings);
        Output = new float[outputLength * rows];
        inputNames = [session.InputNames[0]];
        
        // A classifier has its label first; what is compared is what our graph gives.
        outputNames = [session.OutputNames.FirstOrDefault(name => name == output) ?? session.OutputNames[0]];
        inputs = [OrtValue.CreateTensorValueFromMemory(input, Shape(session.InputMetadata[inputNames[0]].Dimensions, rows))];
        outputs = [OrtValue.CreateTensorValueFromMemory(Output, Shape(session.OutputMetadata[outputNames[0]].Dimensions, rows))];
    }

    public string Name => "ONNX Runtime";

    public float[] Output { get; }

    public void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            session.Run(options, inputNames, inputs, outputNames, outputs);
        }
    }

    public void Dispose()
    {
        foreach (OrtValue value in inputs.Concat(outputs))
        {
            value.Dispose();
        }

        options.Dispose();
        session.Dispose();
    }

    // A sequence has its steps first, and one row is none of them.
    private static long[] Shape(int[] dimensions, int rows) => [.. dimensions.Select((size, axis) => axis == 0 && (rows > 1 || size < 1) ? rows : Math.Max(1L, size))];
}
