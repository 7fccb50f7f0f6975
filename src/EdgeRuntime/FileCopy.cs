using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>A file read into memory: what happens to the file afterwards does not matter.</summary>
internal sealed unsafe class FileCopy : FileBytes
{
    /// <exception cref="ModelFormatException">The file is empty or larger than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be read, or became shorter meanwhile.</exception>
    internal FileCopy(string path)
    {
        using FileStream stream = Open(path, out int length);
        var block = new Block(length);
        SetBytes(block, block.Pointer, length);
        stream.ReadExactly(GetSpan());
        GC.KeepAlive(block);
    }

    private sealed class Block : SafeHandle
    {
        internal Block(int bytes)
            : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, NativeBlocks.Alignment));

        public override bool IsInvalid => handle == 0;

        internal byte* Pointer => (byte*)handle;

        protected override bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            return true;
        }
    }
}
