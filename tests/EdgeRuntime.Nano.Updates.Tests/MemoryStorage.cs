namespace EdgeInference.Nano.Updates.Tests;

/// <summary>What is on the storage after a loss of power.</summary>
internal enum Survives
{
    /// <summary>Each write at once, the last one up to where the power went.</summary>
    Writes,

    /// <summary>Of an append, only what was flushed.</summary>
    Flushes,

    /// <summary>All appends as long as they were, but bytes that were not flushed are 0xFF, as erased flash.</summary>
    Lengths,
}

/// <summary>Storage in memory that counts its writes, loses power at one of them, runs full, fails and gives as few bytes as it likes.</summary>
internal sealed class MemoryStorage(Survives survives = Survives.Flushes) : IModelStorage
{
    private readonly Dictionary<string, byte[]> files = [];
    private readonly Dictionary<string, byte[]> flushed = [];

    /// <summary>Number of appends, flushes and deletes so far.</summary>
    internal int Steps { get; private set; }

    /// <summary>The step at which power goes, and every call fails from then on; −1 for never.</summary>
    internal int CutAt { get; set; } = -1;

    /// <summary>Part of the append at which the power goes that reaches the storage, 0 to 1.</summary>
    internal double Torn { get; set; }

    internal int Capacity { get; set; } = int.MaxValue;

    /// <summary>Most bytes that a call reads.</summary>
    internal int MaxRead { get; set; } = int.MaxValue;

    /// <summary>Flips a bit of each file that is read, as a worn cell would.</summary>
    internal string? Damaged { get; set; }

    internal string? Unreadable { get; set; }

    internal bool IsOff => CutAt >= 0 && Steps > CutAt;

    internal byte[]? this[string name]
    {
        get => files.GetValueOrDefault(name);
        set => files[name] = value!;
    }

    /// <summary>The storage as it is found at the next start.</summary>
    internal MemoryStorage Restarted()
    {
        var next = new MemoryStorage(survives);
        foreach ((string name, byte[] bytes) in files)
        {
            byte[] kept = flushed.GetValueOrDefault(name, []);
            byte[] found = survives switch
            {
                Survives.Writes => bytes,
                Survives.Flushes => kept,
                _ => [.. kept, .. Enumerable.Repeat((byte)0xFF, bytes.Length - kept.Length)],
            };
            next.files[name] = found;
            next.flushed[name] = found;
        }

        return next;
    }

    public int Length(string name)
    {
        Require(name);
        return files.TryGetValue(name, out byte[]? bytes) ? bytes.Length : -1;
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        Require(name);
        byte[] bytes = files[name];
        int read = Math.Min(Math.Min(count, MaxRead), bytes.Length - position);
        Array.Copy(bytes, position, buffer, offset, Math.Max(read, 0));
        if (name == Damaged && read > 0)
        {
            buffer[offset] ^= 1;
        }

        return Math.Max(read, 0);
    }

    public void Append(string name, byte[] buffer, int offset, int count)
    {
        int taken = Step() ? count : (int)(count * Torn);
        byte[] before = files.GetValueOrDefault(name, []);
        if (files.Where(file => file.Key != name).Sum(file => file.Value.Length) + before.Length + taken > Capacity)
        {
            throw new IOException("No space left.");
        }

        files[name] = [.. before, .. buffer.AsSpan(offset, taken)];
        Require(name);
    }

    public void Flush(string name)
    {
        if (Step())
        {
            flushed[name] = files[name];
        }

        Require(name);
    }

    public void Delete(string name)
    {
        if (Step())
        {
            files.Remove(name);
            flushed.Remove(name);
        }

        Require(name);
    }

    // Whether the step still happens.
    private bool Step()
    {
        Require("");
        return Steps++ != CutAt;
    }

    private void Require(string name)
    {
        if (IsOff)
        {
            throw new IOException("The power is off.");
        }

        if (name.Length > 0 && name == Unreadable)
        {
            throw new IOException($"'{name}' cannot be read.");
        }
    }
}
