using System;
using System.IO;

namespace EdgeInference.Nano.Updates.DeviceTests
{
    /// <summary>Four files in RAM, of which a loss of power leaves what was flushed.</summary>
    internal sealed class RamStorage : IModelStorage
    {
        private const int Files = 4;

        private readonly string[] names = new string[Files];
        private readonly byte[][] contents = new byte[Files][];
        private readonly byte[][] flushed = new byte[Files][];
        private int steps;

        /// <summary>The step, of those from now on, at which the power goes; −1 for never.</summary>
        internal int CutAt { get; set; } = -1;

        internal bool IsOff { get; private set; }

        internal RamStorage Restarted()
        {
            RamStorage next = new RamStorage();
            for (int i = 0; i < Files; i++)
            {
                next.names[i] = names[i];
                next.contents[i] = flushed[i];
                next.flushed[i] = flushed[i];
            }

            return next;
        }

        public int Length(string name)
        {
            Require();
            int i = Find(name);
            return contents[i] == null ? -1 : contents[i].Length;
        }

        public int Read(string name, int position, byte[] buffer, int offset, int count)
        {
            Require();
            byte[] bytes = contents[Find(name)];
            int read = bytes.Length - position < count ? bytes.Length - position : count;
            Array.Copy(bytes, position, buffer, offset, read);
            return read;
        }

        public void Append(string name, byte[] buffer, int offset, int count)
        {
            Step();
            int i = Find(name);
            int before = contents[i] == null ? 0 : contents[i].Length;
            byte[] more = new byte[before + count];
            if (before > 0)
            {
                Array.Copy(contents[i], more, before);
            }

            Array.Copy(buffer, offset, more, before, count);
            contents[i] = more;
        }

        public void Flush(string name)
        {
            Step();
            int i = Find(name);
            flushed[i] = contents[i];
        }

        public void Delete(string name)
        {
            Step();
            int i = Find(name);
            contents[i] = null;
            flushed[i] = null;
        }

        private int Find(string name)
        {
            for (int i = 0; i < Files; i++)
            {
                names[i] = names[i] ?? name;
                if (names[i] == name)
                {
                    return i;
                }
            }

            throw new IOException("There is no room for '" + name + "'.");
        }

        private void Step()
        {
            IsOff = IsOff || (CutAt >= 0 && steps++ == CutAt);
            Require();
        }

        private void Require()
        {
            if (IsOff)
            {
                throw new IOException("The power is off.");
            }
        }
    }
}
