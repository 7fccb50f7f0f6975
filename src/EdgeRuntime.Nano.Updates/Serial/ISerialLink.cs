namespace EdgeInference.Nano.Updates
{
    /// <summary>Both directions of a serial line, or of anything else that carries bytes in order and may lose some.</summary>
    public interface ISerialLink
    {
        /// <summary>Takes what has arrived, without waiting for more.</summary>
        /// <returns>How many bytes were taken: 0 to <paramref name="count"/>.</returns>
        int Read(byte[] buffer, int offset, int count);

        /// <summary>Sends bytes.</summary>
        void Write(byte[] buffer, int offset, int count);
    }
}
