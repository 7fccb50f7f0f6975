using System;
using System.IO;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Models in files of nanoFramework.System.IO.FileSystem: internal storage (<c>I:\</c>) or an SD card (<c>D:\</c>). On ESP32 internal storage is
    /// littlefs, which a loss of power leaves whole, but it holds what was written only when the file is closed: Flush alone fills a cache.
    /// </summary>
    public sealed class FileModelStorage : IModelStorage, IDisposable
    {
        private readonly string folder;
        private string writingName;
        private FileStream writing;
        private string readingName;
        private FileStream reading;

        /// <summary>Creates a storage.</summary>
        /// <param name="folder">A folder that exists, with the separator at its end: <c>I:\</c>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
        public FileModelStorage(string folder)
        {
            if (folder == null)
            {
                throw new ArgumentNullException(nameof(folder));
            }

            this.folder = folder;
        }

        /// <summary>Length of a file in bytes, −1 where there is none of this name.</summary>
        /// <exception cref="IOException">The file cannot be opened.</exception>
        public int Length(string name)
        {
            lock (folder)
            {
                Flush(name);
                return File.Exists(folder + name) ? (int)Reading(name).Length : -1;
            }
        }

        /// <summary>Reads a part of a file, which stays open for the next part.</summary>
        /// <exception cref="IOException">The file cannot be read.</exception>
        public int Read(string name, int position, byte[] buffer, int offset, int count)
        {
            lock (folder)
            {
                Flush(name);
                FileStream stream = Reading(name);
                stream.Seek(position, SeekOrigin.Begin);
                return stream.Read(buffer, offset, count);
            }
        }

        /// <summary>Writes bytes after the last one of a file, which stays open until it is flushed.</summary>
        /// <exception cref="IOException">The file cannot be written, or there is no room.</exception>
        public void Append(string name, byte[] buffer, int offset, int count)
        {
            lock (folder)
            {
                if (writingName != name)
                {
                    CloseWriting();
                    CloseReading(name);
                    writing = new FileStream(folder + name, FileMode.Append, FileAccess.Write);
                    writingName = name;
                }

                writing.Write(buffer, offset, count);
            }
        }

        /// <summary>Closes a file that is being written.</summary>
        /// <exception cref="IOException">What was written cannot be kept.</exception>
        public void Flush(string name)
        {
            lock (folder)
            {
                if (writingName == name)
                {
                    CloseWriting();
                }
            }
        }

        /// <summary>Removes a file; one that does not exist is not an error.</summary>
        /// <exception cref="IOException">The file cannot be removed.</exception>
        public void Delete(string name)
        {
            lock (folder)
            {
                Flush(name);
                CloseReading(name);
                if (File.Exists(folder + name))
                {
                    File.Delete(folder + name);
                }
            }
        }

        /// <summary>Closes the files that are open; the next call opens them again.</summary>
        public void Dispose()
        {
            lock (folder)
            {
                CloseWriting();
                CloseReading(readingName);
            }
        }

        private FileStream Reading(string name)
        {
            if (readingName != name)
            {
                CloseReading(readingName);
                reading = new FileStream(folder + name, FileMode.Open, FileAccess.Read);
                readingName = name;
            }

            return reading;
        }

        private void CloseReading(string name)
        {
            if (reading != null && readingName == name)
            {
                FileStream stream = reading;
                reading = null;
                readingName = null;
                stream.Close();
            }
        }

        private void CloseWriting()
        {
            if (writing != null)
            {
                FileStream stream = writing;
                writing = null;
                writingName = null;
                stream.Flush();
                stream.Close();
            }
        }
    }
}
