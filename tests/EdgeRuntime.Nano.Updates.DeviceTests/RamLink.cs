using System;

namespace EdgeInference.Nano.Updates.DeviceTests
{
    /// <summary>A serial line in RAM: one frame to the device, one answer back.</summary>
    internal sealed class RamLink : ISerialLink
    {
        private byte[] frame = new byte[0];
        private int taken;

        internal byte[] Answer { get; private set; }

        internal void Send(byte[] bytes)
        {
            frame = bytes;
            taken = 0;
            Answer = null;
        }

        public int Read(byte[] buffer, int offset, int count)
        {
            int read = frame.Length - taken < count ? frame.Length - taken : count;
            Array.Copy(frame, taken, buffer, offset, read);
            taken += read;
            return read;
        }

        public void Write(byte[] buffer, int offset, int count)
        {
            Answer = new byte[count];
            Array.Copy(buffer, offset, Answer, 0, count);
        }
    }
}
