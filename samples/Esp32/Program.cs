using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.Threading;
using nanoFramework.Hardware.Esp32;

namespace Esp32
{
    /// <summary>
    /// Reads an LIS3DH accelerometer over I2C, makes features of windows of its samples by the model's own signal pipeline, and lights an LED
    /// while the class is 'moving'. Raw counts go in as they are; the features are made in integers and have the bits that a PC has.
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
        private const int TicksPerSecond = 10000000;

        /// <summary>Runs for ever.</summary>
        public static void Main()
        {
            Configuration.SetPinFunction(DataPin, DeviceFunction.I2C1_DATA);
            Configuration.SetPinFunction(ClockPin, DeviceFunction.I2C1_CLOCK);
            GpioPin led = new GpioController().OpenPin(LedPin, PinMode.Output);
            Accelerometer sensor = new Accelerometer(1);
            short[] sample = new short[MotionModelSignals.Channels];
            float[] features = new float[MotionModelSignals.FeatureCount];
            int moving = ClassOf("moving");
            Pace pace = NewPace();
            while (true)
            {
                if (!sensor.TryRead(sample))
                {
                    // A sensor that does not answer must not look like a decision.
                    Console.WriteLine("The accelerometer does not answer; check wiring and address.");
                    led.Write(PinValue.Low);
                    MotionModelSignals.Reset();
                    Thread.Sleep(1000);
                    pace = NewPace();
                    continue;
                }

                if (MotionModelSignals.Add(sample, 0))
                {
                    // No class where the model abstains: the LED is off then.
                    MotionModelSignals.Features(features);
                    int label = MotionModel.Classify(features);
                    led.Write(label == moving ? PinValue.High : PinValue.Low);
                }

                if (pace.Next(DateTime.UtcNow.Ticks))
                {
                    Console.WriteLine("Samples were missed, and the window begins anew.");
                    MotionModelSignals.Reset();
                }

                Thread.Sleep(pace.Wait);
            }
        }

        // The model says its period; a float32 is precise enough for microseconds.
        private static Pace NewPace()
        {
            return new Pace((long)((MotionModelSignals.SamplePeriod * TicksPerSecond) + 0.5f), DateTime.UtcNow.Ticks);
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
