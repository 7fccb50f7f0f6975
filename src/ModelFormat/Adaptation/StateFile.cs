namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// A file of what a model learned: magic "EDGL", version, length, SHA-256 of the factory model, heads, what the heads wrote, CRC-32 of all
    /// before it. docs/model-format.md says what each byte means. Its length is the same for each state of a model.
    /// </summary>
    internal static class StateFile
    {
        /// <summary>"EDGL", little endian.</summary>
        public const int Magic = 0x4C474445;

        /// <summary>Offset of the magic, u32.</summary>
        public const int MagicOffset = 0;

        /// <summary>Offset of the version, u16.</summary>
        public const int VersionOffset = 4;

        /// <summary>Offset of the heads, u16.</summary>
        public const int HeadsOffset = 6;

        /// <summary>Offset of the length, u32.</summary>
        public const int LengthOffset = 8;

        /// <summary>Offset of the model's hash, 32 bytes.</summary>
        public const int HashOffset = 12;

        /// <summary>The only version.</summary>
        public const int Version = 1;

        /// <summary>Bytes before what the heads wrote.</summary>
        public const int HeaderBytes = 44;

        /// <summary>Bytes of a hash.</summary>
        public const int HashBytes = 32;

        private const int CrcBytes = 4;

        /// <summary>Bytes of a model's state file.</summary>
        public static int Bytes(HeadSettings settings)
        {
            return HeaderBytes + AdaptiveHead.StateBytes(settings) + CrcBytes;
        }

        /// <summary>The file.</summary>
        /// <param name="head">What learned.</param>
        /// <param name="hash">SHA-256 of the model's bytes, without a signature block.</param>
        public static byte[] Write(AdaptiveHead head, byte[] hash)
        {
            byte[] file = new byte[Bytes(head.Settings)];
            StateBytes state = new StateBytes(file, 0);
            state.WriteInt(Magic);
            state.WriteShort(Version);
            state.WriteShort(head.Settings.Heads);
            state.WriteInt(file.Length);
            for (int i = 0; i < HashBytes; i++)
            {
                state.WriteByte(hash[i]);
            }

            head.Write(state);
            state.WriteInt((int)Crc(file, file.Length - CrcBytes));
            return file;
        }

        /// <summary>Gives a head what a file says; null, or why it was not taken: then the head is as the factory made it.</summary>
        public static string Read(byte[] file, AdaptiveHead head, byte[] hash)
        {
            head.Reset();
            string problem = Check(file, head, hash);
            problem = problem ?? head.Read(new StateBytes(file, HeaderBytes));
            return problem == null ? null : "The adapted state is not used: " + problem + "; the model decides as the factory made it.";
        }

        private static string Check(byte[] file, AdaptiveHead head, byte[] hash)
        {
            if (file.Length < HeaderBytes + CrcBytes)
            {
                return "it is shorter than its header";
            }

            StateBytes state = new StateBytes(file, 0);
            if (state.ReadInt() != Magic)
            {
                return "it does not begin with 'EDGL', so it is not a state file";
            }

            int version = state.ReadShort();
            if (version != Version)
            {
                return "it has version " + version.ToString() + ", where this program knows " + Version.ToString();
            }

            int heads = state.ReadShort();
            if (state.ReadInt() != file.Length)
            {
                return "its length is not the one that it says, so it is cut short or damaged";
            }

            StateBytes end = new StateBytes(file, file.Length - CrcBytes);
            if (end.ReadInt() != (int)Crc(file, file.Length - CrcBytes))
            {
                return "its CRC-32 does not match, so it is damaged";
            }

            for (int i = 0; i < HashBytes; i++)
            {
                if (state.ReadByte() != hash[i])
                {
                    return "it was learned by another model, whose SHA-256 differs; learn again on this one";
                }
            }

            return heads == head.Settings.Heads && file.Length == Bytes(head.Settings) ? null : "it has other heads or another size than this model's";
        }

        private static uint Crc(byte[] bytes, int count)
        {
            uint[] table = Crc32Table.Make();
            uint crc = Crc32Table.Initial;
            for (int i = 0; i < count; i++)
            {
                crc = table[(byte)(crc ^ bytes[i])] ^ (crc >> 8);
            }

            return ~crc;
        }
    }
}
