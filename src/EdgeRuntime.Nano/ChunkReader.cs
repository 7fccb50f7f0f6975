namespace EdgeInference.Nano
{
    /// <summary>
    /// Gives a part of a model file that is not in RAM: a binary resource, a file, a memory chip. For a resource it is one call of
    /// nanoFramework's ResourceUtility.GetObject(resourceManager, id, offset, length).
    /// </summary>
    /// <param name="offset">The first byte of the file.</param>
    /// <param name="count">How many bytes, 1 or more.</param>
    /// <returns>An array with the bytes from index 0; it may be longer, and may be the same one each time.</returns>
    public delegate byte[] ChunkReader(int offset, int count);
}
