using System.Collections.Concurrent;
using System.Text;

namespace EdgeInference.Devices.Recordings;

/// <summary>
/// Appends rows to a table on a thread of its own, so that a slow card does not make samples late. What ends the process
/// loses the rows of the last <see cref="Interval"/> at most.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    /// <summary>How long a row waits before it is written and flushed to the disk.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A card that takes nothing for so long has failed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MostWaiting = 100_000;
    private const int BatchChars = 1 << 20;

    private readonly string path;
    private readonly Stream file;
    private readonly BlockingCollection<string> waiting = new(MostWaiting);
    private readonly Thread thread;
    private long length;
    private long rows;
    private volatile string? failure;

    /// <summary>Opens the table.</summary>
    /// <param name="path">Path of the table, for messages.</param>
    /// <param name="file">The table, which this object closes.</param>
    /// <param name="first">What comes before the first row.</param>
    internal RecordingFile(string path, Stream file, string first)
    {
        this.path = path;
        this.file = file;
        length = file.Seek(0, SeekOrigin.End);
        thread = new Thread(() => Write(first)) { Name = "recording" };
        thread.Start();
    }

    /// <summary>Rows that the table has got.</summary>
    internal long Rows => Volatile.Read(ref rows);

    /// <summary>Opens a table for appending.</summary>
    /// <exception cref="IOException">It is a pipe or another thing that keeps no rows, or another process has it open.</exception>
    internal static FileStream Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException($"{path} is no ordinary file; record to one.");
        }

        return file;
    }

    /// <summary>Appends a row.</summary>
    /// <exception cref="IOException">The table takes no more.</exception>
    internal void Add(string row)
    {
        if (failure is not null || !waiting.TryAdd(row, Patience))
        {
            throw new IOException(failure ?? $"{path} takes rows slower than they come; the {Rows} rows that it has are whole.");
        }
    }

    /// <summary>Writes what waits.</summary>
    /// <exception cref="IOException">The table took no more.</exception>
    internal void End()
    {
        waiting.CompleteAdding();
        thread.Join();
        if (failure is { } reason)
        {
            throw new IOException(reason);
        }
    }

    public void Dispose()
    {
        waiting.CompleteAdding();
        thread.Join();
        file.Dispose();
        waiting.Dispose();
    }

    private void Write(string first)
    {
        var batch = new StringBuilder(first);
        while (failure is null && waiting.TryTake(out string? row, Timeout.Infinite))
        {
            long end = Environment.TickCount64 + (long)Interval.TotalMilliseconds;
            do
            {
                batch.Append(row).Append('\n');
            }
            while (batch.Length < BatchChars && waiting.TryTake(out row, (int)Math.Max(0, end - Environment.TickCount64)));
            Write(Encoding.UTF8.GetBytes(batch.ToString()), first.Length > 0 && length == 0 ? 1 : 0);
            batch.Clear();
        }
    }

    private void Write(byte[] batch, int headers)
    {
        try
        {
            file.Write(batch);
            length += batch.Length;
            Volatile.Write(ref rows, rows + batch.AsSpan().Count((byte)'\n') - headers);
            (file as FileStream)?.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            bool whole = Cut(batch, headers);
            failure = $"{path} takes no more rows: {exception.Message.TrimEnd('.')}; {(whole ? $"the {Rows} rows that it got are whole" : "its last row may be incomplete, and the next recording cuts it off")}.";
        }
    }

    // Of a batch that was not written to its end the whole rows stay.
    private bool Cut(byte[] batch, int headers)
    {
        try
        {
            int arrived = (int)Math.Clamp(file.Length - length, 0, batch.Length);
            ReadOnlySpan<byte> whole = batch.AsSpan(0, batch.AsSpan(0, arrived).LastIndexOf((byte)'\n') + 1);
            file.SetLength(length + whole.Length);
            Volatile.Write(ref rows, rows + Math.Max(0, whole.Count((byte)'\n') - headers));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
