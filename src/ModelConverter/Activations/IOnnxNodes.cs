namespace EdgeInference.ModelConverter.Activations;

/// <summary>An ONNX graph being written, as far as activations need it.</summary>
internal interface IOnnxNodes
{
    /// <summary>Adds a node with attributes of type float, int and int[], and returns its output's name.</summary>
    string Node(string op, string[] inputs, params (string Name, object Value)[] attributes);

    /// <summary>Adds a float32 scalar, and returns its name.</summary>
    string Scalar(float value);
}
