namespace EdgeInference.Nano.Updates
{
    /// <summary>The outcome of an offered model; the names and meanings are those of EdgeInference.Devices.</summary>
    public enum UpdateOutcome
    {
        /// <summary>It is stored, and used from the next inference on.</summary>
        Applied,

        /// <summary>It is the model in use.</summary>
        Unchanged,

        /// <summary>It is not a valid model file, larger than allowed, or does not fit in memory.</summary>
        NotAModel,

        /// <summary>It is not signed but the policy requires a signature.</summary>
        Unsigned,

        /// <summary>It is signed with a key that is not trusted.</summary>
        UnknownKey,

        /// <summary>It was changed after it was signed.</summary>
        InvalidSignature,

        /// <summary>Its version is not newer than the model in use.</summary>
        NotNewer,

        /// <summary>Its inputs, outputs, classes or features are not those of the model in use, or not what the program asks for.</summary>
        OtherInterface,

        /// <summary>It has no self-test vectors but the policy requires them, or it does not reproduce them on this device.</summary>
        SelfTestFailed,

        /// <summary>It could not be written, or what was read back differs; the storage may be full.</summary>
        StorageFailed,

        /// <summary>It did not arrive whole, or its source could not be read.</summary>
        Unreachable,
    }
}
