namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>One operator cannot be imported; the importer goes on, so that it can name all such operators at once.</summary>
internal sealed class UnsupportedOperatorException(string reason) : Exception(reason);
