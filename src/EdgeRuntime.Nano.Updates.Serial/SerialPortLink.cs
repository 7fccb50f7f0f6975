using System;
using System.IO.Ports;

namespace EdgeInference.Nano.Updates
{
    /// <summary>A serial port of nanoFramework.System.IO.Ports that a <see cref="SerialUpdateSource"/> takes models from.</summary>
    public sealed class SerialPortLink : ISerialLink
    {
        // A frame that arrives during an inference waits here.
        private const int BufferBytes = 2048;

        private readonly SerialPort port;

        /// <summary>Opens a port with 8 data bits, no parity and one stop bit. It stays open.</summary>
        /// <param name="port">Its name, <c>COM2</c> for example; the pins are set before, and the port of the debugger (often COM1) is taken.</param>
        /// <param name="baudRate">Bits in a second; the sender's must be the same.</param>
        /// <exception cref="ArgumentException">There is no such port.</exception>
        /// <exception cref="InvalidOperationException">The port is in use.</exception>
        public SerialPortLink(string port, int baudRate)
        {
            this.port = new SerialPort(port, baudRate, Parity.None, 8, StopBits.One);
            this.port.ReadBufferSize = BufferBytes;
            this.port.Open();
        }

        /// <summary>Takes what has arrived, without waiting for more.</summary>
        public int Read(byte[] buffer, int offset, int count)
        {
            int waiting = port.BytesToRead;
            return waiting == 0 ? 0 : port.Read(buffer, offset, waiting < count ? waiting : count);
        }

        /// <summary>Sends bytes.</summary>
        public void Write(byte[] buffer, int offset, int count)
        {
            port.Write(buffer, offset, count);
        }
    }
}
