namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>A subgraph; the first is the model, the others are called by operators.</summary>
internal sealed record TfliteSubgraph(string Name, TfliteTensor[] Tensors, int[] Inputs, int[] Outputs, TfliteOperator[] Operators);
