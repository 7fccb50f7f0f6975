using System.IO;

namespace EdgeInference.Nano.Updates
{
    /// <summary>Reads parts of one stored file into an array that it uses again; storage may give fewer bytes a call than it is asked for.</summary>
    internal sealed class SlotReader
    {
        private readonly IModelStorage storage;
        private readonly string name;
        private byte[] buffer = new byte[0];

        internal SlotReader(IModelStorage storage, string name)
        {
            this.storage = storage;
            this.name = name;
        }

        /// <summary>An array with the bytes from index 0.</summary>
        internal byte[] Read(int offset, int count)
        {
            if (buffer.Length < count)
            {
                buffer = new byte[count];
            }

            Fill(offset, buffer, count);
            return buffer;
        }

        /// <exception cref="IOException">The file ends before.</exception>
        internal void Fill(int position, byte[] target, int count)
        {
            int done = 0;
            while (done < count)
            {
                int read = storage.Read(name, position + done, target, done, count - done);
                if (read <= 0)
                {
                    throw new IOException("'" + name + "' ends at byte " + (position + done).ToString() + " of " + (position + count).ToString() + ".");
                }

                done += read;
            }
        }
    }
}
