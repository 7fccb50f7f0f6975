using System.Runtime.InteropServices;

namespace EdgeInference.Runtime;

/// <summary>
/// What packed memory depends on: the function that fills it, and what that function is told: addresses of constants, and sizes.
/// Operators and sessions that ask for the same share one copy.
/// </summary>
internal readonly struct PackKey : IEquatable<PackKey>
{
    private readonly Delegate fill;
    private readonly byte[] state;

    private PackKey(Delegate fill, byte[] state)
    {
        this.fill = fill;
        this.state = state;
    }

    /// <param name="fill">A static function.</param>
    /// <param name="state">Its argument, a struct without padding: bytes that belong to no field need not be the same in two copies.</param>
    internal static PackKey Of<TState>(Delegate fill, TState state)
        where TState : unmanaged
        => new(fill, MemoryMarshal.AsBytes(new ReadOnlySpan<TState>(in state)).ToArray());

    public bool Equals(PackKey other) => fill.Equals(other.fill) && state.AsSpan().SequenceEqual(other.state);

    public override bool Equals(object? obj) => obj is PackKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(fill);
        hash.AddBytes(state);
        return hash.ToHashCode();
    }
}
