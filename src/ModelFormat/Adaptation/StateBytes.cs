namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>A place in a state file's bytes, little endian. The caller has checked the length.</summary>
    internal sealed class StateBytes
    {
        private readonly byte[] bytes;

        public StateBytes(byte[] bytes, int position)
        {
            this.bytes = bytes;
            Position = position;
        }

        /// <summary>The next byte.</summary>
        public int Position { get; set; }

        public void WriteByte(int value)
        {
            bytes[Position++] = (byte)value;
        }

        public void WriteShort(int value)
        {
            WriteByte(value);
            WriteByte(value >> 8);
        }

        public void WriteInt(int value)
        {
            WriteShort(value);
            WriteShort(value >> 16);
        }

        public void WriteLong(long value)
        {
            WriteInt((int)value);
            WriteInt((int)(value >> 32));
        }

        public int ReadByte()
        {
            return bytes[Position++];
        }

        /// <summary>0 to 65,535.</summary>
        public int ReadShort()
        {
            int low = ReadByte();
            return low | (ReadByte() << 8);
        }

        public int ReadInt()
        {
            int low = ReadShort();
            return low | (ReadShort() << 16);
        }

        public long ReadLong()
        {
            uint low = (uint)ReadInt();
            return ((long)ReadInt() << 32) | low;
        }
    }
}
