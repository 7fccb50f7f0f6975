using System.Diagnostics;
using System.Globalization;

namespace EdgeInference.Devices.Soak;

/// <summary>
/// A thread that does nothing but sleep a millisecond, above everything else in priority, on one processor. Where it wakes late the processor was not the
/// machine's to give: a late read of the device in that moment says nothing of the device.
/// </summary>
internal sealed class Control : IDisposable
{
    // Well under the gap that the device is allowed, and well over what a sleep of a millisecond takes.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(2);

    private readonly List<Process> processes = [];
    private readonly List<(long Begin, long End)> absences = [];

    internal Control()
    {
        for (int processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            string[] arguments = ["-c", $"{processor}", "chrt", "-r", "60", "dotnet", Path.Combine(AppContext.BaseDirectory, "EdgeRuntime.Devices.Soak.dll"), "control"];
            Process process = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
            process.OutputDataReceived += (_, line) => Note(line.Data);
            process.BeginOutputReadLine();
            processes.Add(process);
        }
    }

    /// <summary>Times that a processor was away, of all processors.</summary>
    internal int Count
    {
        get
        {
            lock (absences)
            {
                return absences.Count;
            }
        }
    }

    /// <summary>The longest of them, in milliseconds.</summary>
    internal double Longest
    {
        get
        {
            lock (absences)
            {
                return absences.Count == 0 ? 0 : absences.Max(absence => Stopwatch.GetElapsedTime(absence.Begin, absence.End).TotalMilliseconds);
            }
        }
    }

    /// <summary>Whether a processor was away between two time stamps of <see cref="Stopwatch"/>, which processes share.</summary>
    internal bool WasAway(long begin, long end)
    {
        lock (absences)
        {
            return absences.Any(absence => absence.Begin < end && absence.End > begin);
        }
    }

    /// <summary>The control itself: writes when it was late, until its input ends.</summary>
    internal static int Run()
    {
        bool ended = false;
        var input = new Thread(() =>
        {
            Console.In.ReadToEnd();
            Volatile.Write(ref ended, true);
        })
        { IsBackground = true };
        input.Start();
        long previous = Stopwatch.GetTimestamp();
        while (!Volatile.Read(ref ended))
        {
            Thread.Sleep(1);
            long now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(previous, now) > Late)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{previous} {now}"));
                now = Stopwatch.GetTimestamp();
            }

            previous = now;
        }

        return 0;
    }

    public void Dispose()
    {
        foreach (Process process in processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private void Note(string? line)
    {
        if (line?.Split(' ') is [string begin, string end])
        {
            lock (absences)
            {
                absences.Add((long.Parse(begin, CultureInfo.InvariantCulture), long.Parse(end, CultureInfo.InvariantCulture)));
            }
        }
    }
}
