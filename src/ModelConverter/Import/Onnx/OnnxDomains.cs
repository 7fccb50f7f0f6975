namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Names of operator sets.</summary>
internal static class OnnxDomains
{
    /// <summary>The standard's own operators.</summary>
    internal const string Standard = "";

    /// <summary>Classical machine learning: what scikit-learn exports.</summary>
    internal const string MachineLearning = "ai.onnx.ml";

    /// <summary>ONNX Runtime's own operators.</summary>
    internal const string Runtime = "com.microsoft";

    /// <summary>"ai.onnx" is another spelling of the standard's empty name.</summary>
    internal static string Canonical(string domain) => domain == "ai.onnx" ? Standard : domain;
}
