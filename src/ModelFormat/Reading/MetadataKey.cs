namespace ModelFormat
{
    /// <summary>What a metadata record says; the values are the ones in the file. Unknown keys are skipped.</summary>
    public enum MetadataKey
    {
        /// <summary>Text: the model's name.</summary>
        Name = 1,

        /// <summary>Text list: a label for each class; two for a binary classifier, that of 0 first.</summary>
        Labels = 2,

        /// <summary>One float32: label 1 when its probability is at least this, 0 to 1.</summary>
        Threshold = 3,

        /// <summary>Text list: a name for each input feature.</summary>
        InputNames = 4,

        /// <summary>32 bytes: SHA-256 of the file the model was imported from.</summary>
        SourceHash = 5,

        /// <summary>Text: the program and version that wrote the file.</summary>
        Producer = 6,

        /// <summary>float32s: a <see cref="CalibrationMethod"/> and its parameters (docs/decisions-quality.md).</summary>
        Calibration = 7,

        /// <summary>float32s: for each input value mean, scale (standard deviation, above 0), minimum and maximum in the training data.</summary>
        InputStatistics = 8,

        /// <summary>Two float32s, 0 ≤ first ≤ second: no decision is taken when the probability lies at or above the first and below the second.</summary>
        AbstainBand = 9,

        /// <summary>float32s: self-test inputs, one after the other (as many as outputs allow).</summary>
        SelfTestInputs = 10,

        /// <summary>Bytes: the exact output tensors for each self-test input.</summary>
        SelfTestOutputs = 11,

        /// <summary>Text list: a name for each tensor, for tools.</summary>
        TensorNames = 12,

        /// <summary>Text: float32, int8, int16 or mixed.</summary>
        Precision = 13,

        /// <summary>Two float32s above 0, with <see cref="InputStatistics"/> only: limits of range excess and of mean squared distance; 1 and 9 where absent.</summary>
        InputLimits = 14,

        /// <summary>Bytes: an <see cref="OutputRole"/> for each output. Where it is absent, outputs are what a classifier takes them for.</summary>
        OutputRoles = 15,

        /// <summary>Bytes, none: the model defines what a missing value, NaN, means.</summary>
        MissingValues = 16,
    }

    /// <summary>How the payload of a metadata record is encoded; the values are the ones in the file.</summary>
    public enum MetadataKind
    {
        /// <summary>UTF-8 without a final zero.</summary>
        Text = 1,

        /// <summary>A u32 count, then for each text a u32 length and its UTF-8 bytes.</summary>
        TextList = 2,

        /// <summary>float32 values.</summary>
        Floats = 3,

        /// <summary>Bytes.</summary>
        Bytes = 4,
    }
}
