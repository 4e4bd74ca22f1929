/** What the codes of the system mean for a folder of checkpoints. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file may not become that large',
  EIO: 'the disk reports an input/output error',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it is a file, not a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'the process has too many open files',
  ENFILE: 'the system has too many open files',
  ESTALE: 'the network folder is gone',
  ETIMEDOUT: 'the network folder does not answer',
};

/** Why the disk failed, in words, with the code of the system; the message of any other error. */
export const diskReason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const meaning = code === undefined ? undefined : meanings[code];
  return meaning === undefined ? error.message : `${meaning} (${code})`;
};
