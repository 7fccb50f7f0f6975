using System;

namespace EdgeInference.Nano.DeviceTests
{
    /// <summary>Counts checks and prints a line for each. A program that fails to load also ends with exit code 0, so only these lines count.</summary>
    public static class Report
    {
        private static int passed;
        private static int failed;

        /// <summary>Prints PASS or FAIL.</summary>
        public static void Check(bool good, string what)
        {
            if (good)
            {
                passed++;
            }
            else
            {
                failed++;
            }

            Console.WriteLine((good ? "PASS " : "FAIL ") + what);
        }

        /// <summary>Prints the last line.</summary>
        public static void End()
        {
            Console.WriteLine(failed == 0 ? "ALL PASSED: " + passed.ToString() : "FAILED: " + failed.ToString() + " of " + (passed + failed).ToString());
        }

        /// <summary>Prints a time and what it is for each multiply-accumulate.</summary>
        /// <param name="what">Which form of which model.</param>
        /// <param name="nanoseconds">Nanoseconds for one inference.</param>
        /// <param name="macs">Multiply-accumulates of one inference.</param>
        /// <param name="plain">Nanoseconds of the plain form; 0 where there is none.</param>
        public static void Time(string what, long nanoseconds, int macs, long plain)
        {
            long tenths = nanoseconds * 10 / macs;
            long ratio = plain * 100 / (nanoseconds == 0 ? 1 : nanoseconds);
            string comparison = plain == 0 ? "" : ", " + (ratio / 100).ToString() + "." + (ratio % 100 < 10 ? "0" : "") + (ratio % 100).ToString() + " times the plain loop's speed";
            Console.WriteLine("TIME " + what + ": " + nanoseconds.ToString() + " ns, " + (tenths / 10).ToString() + "." + (tenths % 10).ToString()
                + " ns per multiply-accumulate" + comparison);
        }
    }
}
