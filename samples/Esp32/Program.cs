using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.Threading;
using nanoFramework.Hardware.Esp32;

namespace Esp32
{
    /// <summary>
    /// Reads an LIS3DH accelerometer over I2C, classifies windows of it and lights an LED while the class is 'moving'. The path from sensor to
    /// decision has no float: raw counts are scaled to the model's int8 by integers.
    /// </summary>
    /// <remarks>
    /// Wiring: SDA on GPIO 21, SCL on GPIO 22, LED with a resistor on GPIO 2. MotionModel.g.cs is emitted from motion.edge (docs/esp32.md says
    /// how to put your own in its place).
    /// </remarks>
    public static class Program
    {
        private const int DataPin = 21;
        private const int ClockPin = 22;
        private const int LedPin = 2;
        private const int PeriodMilliseconds = 20;

        /// <summary>Runs for ever.</summary>
        public static void Main()
        {
            Configuration.SetPinFunction(DataPin, DeviceFunction.I2C1_DATA);
            Configuration.SetPinFunction(ClockPin, DeviceFunction.I2C1_CLOCK);
            GpioPin led = new GpioController().OpenPin(LedPin, PinMode.Output);
            Accelerometer sensor = new Accelerometer(1);
            Window window = new Window(MotionModel.InputLength);
            short[] sample = new short[Accelerometer.Axes];
            int moving = ClassOf("moving");
            while (true)
            {
                if (!sensor.TryRead(sample))
                {
                    // A sensor that does not answer must not look like a decision.
                    Console.WriteLine("The accelerometer does not answer; check wiring and address.");
                    led.Write(PinValue.Low);
                    window.Clear();
                    Thread.Sleep(1000);
                    continue;
                }

                window.Add(sample);
                if (window.IsFull)
                {
                    // No class where the model abstains: the LED is off then.
                    int label = MotionModel.Classify(window.Values);
                    led.Write(label == moving ? PinValue.High : PinValue.Low);
                    window.Slide();
                }

                Thread.Sleep(PeriodMilliseconds);
            }
        }

        // By text, so that another model cannot light the LED for another class.
        private static int ClassOf(string text)
        {
            for (int i = 0; i < MotionModel.ClassCount; i++)
            {
                if (MotionModel.ClassText(i) == text)
                {
                    return i;
                }
            }

            throw new InvalidOperationException("The model has no class '" + text + "'; emit one that has, or change the text.");
        }
    }
}
