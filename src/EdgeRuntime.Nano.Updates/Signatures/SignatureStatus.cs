namespace EdgeInference.Nano.Updates
{
    /// <summary>What a set of trusted keys says about a signed model.</summary>
    internal enum SignatureStatus
    {
        /// <summary>The model is signed with a key that is not trusted here.</summary>
        UnknownKey,

        /// <summary>A trusted key is named and its signature does not fit these bytes.</summary>
        Invalid,

        /// <summary>A trusted key signed exactly these bytes.</summary>
        Valid,
    }
}
