namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Where a device keeps its model files: internal storage, an SD card, a memory chip. Names have at most eight characters, a dot and three
    /// more. What fails is thrown as an exception of any type; an update that meets one is refused and the model in use stays.
    /// </summary>
    public interface IModelStorage
    {
        /// <summary>Length of a file in bytes, −1 where there is none of this name.</summary>
        int Length(string name);

        /// <summary>Reads a part of a file.</summary>
        /// <param name="name">The file.</param>
        /// <param name="position">The first byte to read, 0 or more.</param>
        /// <param name="buffer">Takes the bytes.</param>
        /// <param name="offset">Where in the buffer, 0 or more.</param>
        /// <param name="count">How many bytes, 1 or more.</param>
        /// <returns>How many were read: 1 to <paramref name="count"/>, or 0 at the end of the file.</returns>
        int Read(string name, int position, byte[] buffer, int offset, int count);

        /// <summary>Writes bytes after the last one of a file, which is made where there is none.</summary>
        void Append(string name, byte[] buffer, int offset, int count);

        /// <summary>Returns when all that was written to the file outlives a loss of power; where a file system says so only on closing it, closes it.</summary>
        void Flush(string name);

        /// <summary>Removes a file; one that does not exist is not an error.</summary>
        void Delete(string name);
    }
}
