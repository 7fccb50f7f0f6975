using EdgeInference.ModelConverter.Import.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgeInference.Benchmarks.Quantized;

/// <summary>The lowest and highest value of tensors over calibration rows, which ONNX Runtime computes with those tensors as outputs.</summary>
internal static class TensorRanges
{
    internal static Dictionary<string, (float Low, float High)> Of(byte[] onnx, IReadOnlyCollection<string> tensors, IReadOnlyList<float[]> rows)
    {
        OnnxModel model = OnnxParser.Parse(onnx, "model");
        HashSet<string> known = [.. model.Graph.Outputs.Select(port => port.Name), .. model.Graph.Inputs.Select(port => port.Name)];
        model.Graph.Outputs.AddRange(tensors.Where(known.Add).Select(name => new OnnxValueInfo { Name = name }));
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(OnnxFile.Write(model), options);
        using var run = new RunOptions();
        string input = session.InputNames[0];
        long[] shape = [.. session.InputMetadata[input].Dimensions.Select(size => Math.Max(1L, size))];
        string[] outputs = [.. tensors.Where(session.OutputNames.Contains)];
        var ranges = tensors.ToDictionary(name => name, _ => (Low: 0f, High: 0f));
        foreach (float[] row in rows)
        {
            Extend(input, row);
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(row, shape);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [input], [value], outputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                Extend(outputs[i], results[i].GetTensorDataAsSpan<float>());
            }
        }

        return ranges;

        // 0 is within every range, as padding and ReLU need it.
        void Extend(string name, ReadOnlySpan<float> values)
        {
            if (ranges.TryGetValue(name, out (float Low, float High) range))
            {
                foreach (float value in values)
                {
                    range = (Math.Min(range.Low, value), Math.Max(range.High, value));
                }

                ranges[name] = range;
            }
        }
    }
}
