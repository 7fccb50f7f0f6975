using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>Operators that only rename the axes of what they read; the shape is the one that the output declares.</summary>
internal static class ReshapeConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        if (input.Elements != output.Elements || input.Type != output.Type)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {input}");
        }

        source.Add(Opcode.Reshape, [input], output);
    }
}
