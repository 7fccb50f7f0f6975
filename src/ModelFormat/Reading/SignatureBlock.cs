namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// The optional block after a model that signs it. It follows the model instead of being a section, so that
    /// signing never changes a byte that was signed. What is signed is the model followed by the block's first
    /// <see cref="SignatureOffset"/> bytes with the CRC in them taken as 0. Layout: docs/model-format.md.
    /// </summary>
    internal static class SignatureBlock
    {
        /// <summary>"EDSG", little endian.</summary>
        public const int Magic = 0x47534445;

        /// <summary>Bytes of a whole block.</summary>
        public const int Bytes = 128;

        /// <summary>Offset of the magic, u32.</summary>
        public const int MagicOffset = 0;

        /// <summary>Offset of the block's size, u32, 128.</summary>
        public const int SizeOffset = 4;

        /// <summary>Offset of the algorithm, u32: 1 is ECDSA P-256 with SHA-256.</summary>
        public const int AlgorithmOffset = 8;

        /// <summary>Offset of the CRC-32 over the block but for these four bytes, u32.</summary>
        public const int CrcOffset = 12;

        /// <summary>Offset of the model's version, u64: an updater refuses one that is not above the version in use.</summary>
        public const int ModelVersionOffset = 16;

        /// <summary>Offset of 8 reserved bytes, 0.</summary>
        public const int ReservedOffset = 24;

        /// <summary>Offset of the key's id: SHA-256 of its SubjectPublicKeyInfo, 32 bytes.</summary>
        public const int KeyIdOffset = 32;

        /// <summary>Offset of the signature r ‖ s, 64 bytes.</summary>
        public const int SignatureOffset = 64;

        /// <summary>The algorithm ECDSA P-256 with SHA-256, signature in the fixed-size form r ‖ s.</summary>
        public const int EcdsaP256Sha256 = 1;

        /// <summary>Whether the bytes from <paramref name="offset"/> to the end are one undamaged signature block. Says nothing about who signed.</summary>
        public static bool IsBlock(ModelBytes bytes, int offset)
        {
            return bytes.Length - offset == Bytes
                && bytes.I32(offset + MagicOffset) == Magic
                && bytes.I32(offset + SizeOffset) == Bytes
                && bytes.I32(offset + AlgorithmOffset) == EcdsaP256Sha256
                && (uint)bytes.I32(offset + CrcOffset) == bytes.Crc32(offset, bytes.Length, offset + CrcOffset);
        }
    }
}
