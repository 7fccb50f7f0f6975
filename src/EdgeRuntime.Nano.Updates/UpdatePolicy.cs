namespace EdgeInference.Nano.Updates
{
    /// <summary>Which models a device accepts, and how it loads them. Set before the updater is opened; not changed afterwards.</summary>
    public sealed class UpdatePolicy
    {
        /// <summary>Keys whose signatures are accepted. A signature by another key is refused, whether or not one is required.</summary>
        public TrustedKeys Keys { get; set; } = new TrustedKeys();

        /// <summary>Whether unsigned models are refused.</summary>
        public bool RequireSignature { get; set; } = true;

        /// <summary>Whether models without self-test vectors are refused. Existing vectors must be reproduced in any case.</summary>
        public bool RequireSelfTest { get; set; } = true;

        /// <summary>
        /// Whether a model is accepted whose inputs, outputs, class texts, feature names, units or window differ from those of the model in use.
        /// By default it is refused: it would decide on other values, or decide something else. What the program asks for below is held to in any case.
        /// </summary>
        public bool AllowOtherContract { get; set; }

        /// <summary>
        /// Whether the program gives or takes int8 or int16 values as they are, so that scale and zero point of such inputs and outputs must stay.
        /// Set it to false where only float values go in and out. Of no effect on inputs and outputs in float32.
        /// </summary>
        public bool RawValues { get; set; } = true;

        /// <summary>Number of values that the program gives, 0 where only the model in use says it.</summary>
        public int InputLength { get; set; }

        /// <summary>Number of values that the program takes, 0 where only the model in use says it.</summary>
        public int OutputLength { get; set; }

        /// <summary>The class texts that the program asks for, in their order; null where only the model in use says them.</summary>
        public string[] ClassTexts { get; set; }

        /// <summary>Whether the program decides: a model that no <see cref="Classifier"/> takes is refused. False where it only runs a session.</summary>
        public bool Classifies { get; set; } = true;

        /// <summary>Largest file in bytes.</summary>
        public int MaxBytes { get; set; } = 262144;

        /// <summary>Most steps of one inference, as <see cref="NanoModel"/> counts them.</summary>
        public long MaxSteps { get; set; } = NanoModel.DefaultMaxSteps;

        /// <summary>Most bytes of the tensors of a session.</summary>
        public long MaxTensorBytes { get; set; } = NanoModel.DefaultMaxBytes;

        /// <summary>Whether a session packs its weights, for speed; see <see cref="NanoSession"/>.</summary>
        public bool PackWeights { get; set; } = true;

        /// <summary>Most bytes of weights to read at a time from the storage, 64 or more; 0 where the whole file is read into RAM.</summary>
        public int ChunkBytes { get; set; }

        /// <summary>
        /// Whether the model in use is let go of before the new one is loaded, for a board that cannot hold both. The offer must then be finished on
        /// the thread that decides, and the program must keep no reference to a session or classifier. If the new model is refused, the old one
        /// is loaded again from its file.
        /// </summary>
        public bool UnloadFirst { get; set; }
    }
}
