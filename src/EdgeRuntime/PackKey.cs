using System.Runtime.InteropServices;

namespace EdgeInference.Runtime;

/// <summary>
/// What packed memory depends on: its length, the function that fills it, and what that function is told: addresses of constants, and sizes.
/// The length is not always told: what a kernel reads behind the last value is none of the function's.
/// Operators and sessions that ask for the same share one copy.
/// </summary>
internal readonly struct PackKey : IEquatable<PackKey>
{
    private readonly Delegate fill;
    private readonly byte[] state;
    private readonly int bytes;

    private PackKey(int bytes, Delegate fill, byte[] state)
    {
        this.bytes = bytes;
        this.fill = fill;
        this.state = state;
    }

    /// <param name="bytes">The memory's length.</param>
    /// <param name="fill">A static function.</param>
    /// <param name="state">Its argument, a struct without padding: bytes that belong to no field need not be the same in two copies.</param>
    internal static PackKey Of<TState>(int bytes, Delegate fill, TState state)
        where TState : unmanaged
        => new(bytes, fill, MemoryMarshal.AsBytes(new ReadOnlySpan<TState>(in state)).ToArray());

    public bool Equals(PackKey other) => bytes == other.bytes && fill.Equals(other.fill) && state.AsSpan().SequenceEqual(other.state);

    public override bool Equals(object? obj) => obj is PackKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(fill);
        hash.Add(bytes);
        hash.AddBytes(state);
        return hash.ToHashCode();
    }
}
