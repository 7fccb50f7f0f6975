using EdgeInference.Benchmarks.Models;
using Microsoft.ML.OnnxRuntime;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>ONNX Runtime through its fastest C# path: values made once over the caller's arrays, one thread, all optimisations.</summary>
internal sealed class OnnxContender : ModelContender
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly OrtValue[][] inputs;
    private readonly OrtValue[] outputs;

    internal OnnxContender(Engine engine, byte[] onnx, RowSet rows, int outputs, int batch, string? output)
        : base(engine, rows, outputs * batch)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(onnx, settings);
        inputNames = [session.InputNames[0]];

        // A classifier has its label first; what is compared is what our graph gives.
        outputNames = [session.OutputNames.FirstOrDefault(name => name == output) ?? session.OutputNames[0]];
        long[] shape = Shape(session.InputMetadata[inputNames[0]].Dimensions, batch);
        inputs =
        [
            .. Enumerable.Range(0, rows.Count).Select(i => new[]
            {
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows.Values.AsMemory(i * rows.Length, rows.Length), shape),
            }),
        ];
        this.outputs = [OrtValue.CreateTensorValueFromMemory(Output, Shape(session.OutputMetadata[outputNames[0]].Dimensions, batch))];
    }

    public override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            session.Run(options, inputNames, inputs[Take()], outputNames, outputs);
        }
    }

    public override void Dispose()
    {
        foreach (OrtValue value in inputs.SelectMany(values => values).Concat(outputs))
        {
            value.Dispose();
        }

        options.Dispose();
        session.Dispose();
    }

    // A sequence has its steps first, and one row is none of them.
    private static long[] Shape(int[] dimensions, int rows) => [.. dimensions.Select((size, axis) => axis == 0 && (rows > 1 || size < 1) ? rows : Math.Max(1L, size))];
}
