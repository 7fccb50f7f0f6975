using System;
using System.Device.I2c;

namespace Esp32
{
    /// <summary>An LIS3DH (ST, datasheet DocID17530): three axes, ±2 g, 100 samples a second.</summary>
    public sealed class Accelerometer
    {
        /// <summary>Values of one sample.</summary>
        public const int Axes = 3;

        private const int Address = 0x18;
        private const byte Control1 = 0x20;
        private const byte HundredHertzAllAxes = 0x57;
        private const byte OutputX = 0x28;
        private const byte AutoIncrement = 0x80;

        private readonly I2cDevice device;
        private readonly byte[] register = new byte[] { OutputX | AutoIncrement };
        private readonly byte[] data = new byte[2 * Axes];

        /// <summary>Opens the sensor and switches it on.</summary>
        /// <param name="bus">Number of the I2C bus, 1 or 2.</param>
        public Accelerometer(int bus)
        {
            device = I2cDevice.Create(new I2cConnectionSettings(bus, Address, I2cBusSpeed.FastMode));
            device.Write(new byte[] { Control1, HundredHertzAllAxes });
        }

        /// <summary>Reads one sample: counts of 1/16384 g. False where the sensor does not answer.</summary>
        public bool TryRead(short[] sample)
        {
            I2cTransferResult result = device.WriteRead(register, data);
            if (result.Status != I2cTransferStatus.FullTransfer)
            {
                return false;
            }

            for (int i = 0; i < Axes; i++)
            {
                sample[i] = (short)(data[2 * i] | (data[(2 * i) + 1] << 8));
            }

            return true;
        }
    }
}
