namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// What a record of the contract says; the values are the ones in the file. A reader refuses a key below
    /// <see cref="FormatLayout.FirstOptionalKey"/> that it does not know and skips one from there on.
    /// </summary>
    public enum MetadataKey
    {
        /// <summary>For each input: its tensor u16 and its name.</summary>
        Inputs = 1,

        /// <summary>For each output: its tensor u16, its <see cref="OutputRole"/> u8 and its name.</summary>
        Outputs = 2,

        /// <summary>Texts: a name for each input value, in the order of all inputs.</summary>
        InputNames = 3,

        /// <summary>Sample period in seconds f32, samples of a window u32, samples from one window to the next u32.</summary>
        Window = 4,

        /// <summary>The output that decides u8, 255 for none; its <see cref="DecisionHead"/> u8; its positive class u8.</summary>
        Decision = 5,

        /// <summary>f32: the positive class when its probability is at least this, 0 to 1.</summary>
        Threshold = 6,

        /// <summary>Texts: one for each class, that of class 0 first.</summary>
        Labels = 7,

        /// <summary>f32 each: a <see cref="CalibrationMethod"/> and its parameters (docs/decisions-quality.md).</summary>
        Calibration = 8,

        /// <summary>Two f32, 0 ≤ first ≤ second: no decision is taken when the probability lies at or above the first and below the second.</summary>
        AbstainBand = 9,

        /// <summary>f32 each: for each input value mean, scale (standard deviation, above 0), minimum and maximum in the training data.</summary>
        InputStatistics = 10,

        /// <summary>Two f32 above 0, with <see cref="InputStatistics"/> only: limits of range excess and of mean squared distance; 1 and 9 where absent.</summary>
        InputLimits = 11,

        /// <summary>Empty: the model defines what a missing value, NaN, means.</summary>
        MissingValues = 12,

        /// <summary>How the model learns on a device: its hidden vector, heads and limits (docs/model-format.md).</summary>
        Adaptation = 14,

        /// <summary>UTF-8: the model's name.</summary>
        Name = 128,

        /// <summary>Texts: a unit for each input value, empty if it has none.</summary>
        InputUnits = 129,

        /// <summary>UTF-8: the name of the file that the model was imported from or trained on, without its folder.</summary>
        Source = 130,

        /// <summary>32 bytes: SHA-256 of that file.</summary>
        SourceHash = 131,

        /// <summary>UTF-8: the program and version that wrote that file.</summary>
        SourceProducer = 132,

        /// <summary>UTF-8: the program and version that wrote this file.</summary>
        Producer = 133,

        /// <summary>UTF-8: the options that this file was made with.</summary>
        Options = 134,

        /// <summary>32 bytes: SHA-256 of the values of the training or calibration rows, parsed: column names, then each row's numbers.</summary>
        TrainingRows = 135,
    }
}
